/** Leaving by one press. */
import { dropAll } from "../drafts/store";

const PAGE = "/sign-out";

/** Drops what was written and sends the form of the sign-out page, which carries the proof that this site asks for. */
export async function signOut(): Promise<void> {
  try {
    const answer = await fetch(PAGE);
    const form = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector<HTMLFormElement>(`form[action="${PAGE}"]`);
    if (!form) throw new Error("no form");
    dropAll(localStorage);
    document.body.append(document.adoptNode(form));
    form.submit();
  } catch {
    window.location.assign(PAGE);
  }
}
