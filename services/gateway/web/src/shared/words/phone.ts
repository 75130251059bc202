/** Telephone numbers as people in China write and dial them; the services keep and give E.164. */

/** "+8613812345678" as "13812345678", "+8651683712345" as "0516-83712345", "+864001234567" as "400-123-4567"; another country's as it is. */
export function asWritten(number: string): string {
  const national = /^\+86(\d{9,11})$/.exec(number)?.[1];
  if (national === undefined) return number;
  if (/^1[3-9]\d{9}$/.test(national)) return national;
  if (/^[48]00\d{7}$/.test(national)) return national.replace(/^(\d{3})(\d{3})(\d{4})$/, "$1-$2-$3");
  // Beijing and the great cities have two digits after the zero, all others three.
  return national.replace(/^(10|2\d|\d{3})(\d+)$/, "0$1-$2");
}
