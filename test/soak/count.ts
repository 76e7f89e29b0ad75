/** Reads a number from the command line. @throws naming the option when it is not a whole number from `least`. */
export function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least) return number;
  throw new Error(`--${option} must be a whole number from ${least}, not ${text}`);
}
