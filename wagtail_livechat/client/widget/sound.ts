/** Two soft tones, made on the spot: no file to fetch, and nothing before the person has done something. */
export class Blip {
  private context: AudioContext | undefined;

  /** Browsers let a page make sounds only after a gesture: call this from one. */
  unlock(): void {
    try {
      this.context ??= new AudioContext();
      if (this.context.state === "suspended") void this.context.resume().catch(() => {});
    } catch {
      // No sound, then.
    }
  }

  play(): void {
    const { context } = this;
    if (context?.state !== "running") return;
    const start = context.currentTime;
    [587, 880].forEach((frequency, i) => {
      const tone = context.createOscillator();
      const gain = context.createGain();
      const at = start + i * 0.11;
      tone.frequency.value = frequency;
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(0.09, at + 0.015);
      gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.28);
      tone.connect(gain).connect(context.destination);
      tone.start(at);
      tone.stop(at + 0.3);
    });
  }
}
