/** How long a sound lasts: `0.4 s`, `1:05`, `1:00:05`; below ten seconds to the hundredth. As the server says it. */
export function lengthText(seconds) {
  if (Math.round(seconds * 100) < 1000) return `${Math.max(0.01, Number(seconds.toFixed(2)))} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
