/** Texts of the services as people on the desks read them. */
import { limitWords } from "../ui/clockView";

/** A Chinese text with the limits in it said in Chinese. */
export function limitsIn(text: string): string {
  return text.replace(/\d+ (?:working |natural |calendar )(?:minute|hour|day|week|month)s?/g, (limit) => ` ${limitWords(limit, "zh")}`);
}

/** The basis of a dispatch without its place in the catalogue's file, which is for whoever keeps the file. */
export function withoutPlace(text: string): string {
  return text.replace(/\s*\([^()]*\.toml:\d+\)/g, "");
}
