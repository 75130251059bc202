/** What stands in the place of a page that cannot be shown: one sentence, and what to do next. */
import type { ReactNode } from "react";
import "./notice.css";

/** The notice. `title` is the page's heading. */
export function Notice({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="notice">
      <h1>{title}</h1>
      {children}
    </div>
  );
}
