/** A text cut to a number of UTF-16 code units, with an ellipsis where something was cut off and never half a character. */
export const boundedText = (text: string, charactersMax: number): string => {
  if (text.length <= charactersMax) return text;
  const cut = text.slice(0, charactersMax - 1);
  const last = cut.charCodeAt(cut.length - 1);
  const half = last >= 0xd800 && last <= 0xdbff;
  return `${half ? cut.slice(0, -1) : cut}…`;
};
