// build.mjs imports style sheets as minified text, for constructed style sheets.
declare module "*.css" {
  const text: string;
  export default text;
}
