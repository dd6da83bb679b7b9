import type { JSX } from "preact";

import type { Faults } from "../widget/chat";
import type { FieldName } from "../widget/config";
import { useText, useView } from "../widget/context";

const AUTOCOMPLETE: Partial<Record<FieldName, string>> = { name: "name", email: "email", phone: "tel" };
const TYPES: Partial<Record<FieldName, "email" | "tel">> = { email: "email", phone: "tel" };
const LIMITS: Partial<Record<FieldName, number>> = { email: 254, phone: 64 };

interface FieldProps {
  name: FieldName;
  required: boolean;
  value: string | number | boolean | undefined;
  faults: Faults;
  onValue: (value: string | number | boolean) => void;
}

/** One question of a form, with what is wrong with the answer beside it. */
export function Field({ name, required, value, faults, onValue }: FieldProps): JSX.Element {
  const { config } = useView();
  const t = useText();
  const id = `lc-${name}`;
  const fault = faults[name];
  const common = {
    id,
    name,
    required,
    "aria-invalid": !!fault,
    ...(fault && { "aria-describedby": `${id}-fault` }),
  } as const;

  if (name === "consent") {
    // What is ticked is this sentence: after it has changed, the box is empty again.
    const { consent, consent_id } = config.forms;
    return (
      <div class="f-field">
        <label class="f-check" for={id}>
          <input {...common} type="checkbox" checked={value === consent_id} onChange={({ currentTarget }) => onValue(currentTarget.checked && consent_id)} />
          <span>
            {consent}
            {!required && <Optional />}
          </span>
        </label>
        <Fault id={id} fault={fault} />
      </div>
    );
  }
  return (
    <div class="f-field">
      <label for={id}>
        {t(`form_${name}`)}
        {!required && <Optional />}
      </label>
      {name === "department" ? (
        <select {...common} class="f-in" onChange={({ currentTarget }) => onValue(Number(currentTarget.value) || 0)}>
          <option value="">{t("form_choose")}</option>
          {config.forms.departments.map((department) => (
            <option value={department.id} key={department.id} selected={department.id === value}>
              {department.name}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...common}
          class="f-in"
          type={(TYPES[name] ?? "text") as "email"}
          autocomplete={AUTOCOMPLETE[name] ?? "off"}
          maxLength={LIMITS[name] ?? 255}
          dir="auto"
          value={String(value ?? "")}
          onInput={({ currentTarget }) => onValue(currentTarget.value)}
        />
      )}
      <Fault id={id} fault={fault} />
    </div>
  );
}

export function Fault({ id, fault }: { id: string; fault: Faults[string] | undefined }): JSX.Element | null {
  const t = useText();
  return fault ? (
    <p class="f-fault" id={`${id}-fault`}>
      {t(`fault_${fault}`)}
    </p>
  ) : null;
}

function Optional(): JSX.Element {
  const t = useText();
  return <span class="f-quiet"> ({t("optional")})</span>;
}

/** To the first field with something wrong with it, once it is drawn. */
export function toFirstFault(form: HTMLElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
