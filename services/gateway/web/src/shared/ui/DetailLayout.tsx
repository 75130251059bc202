/** The frame of a detail page: facts, middle, right rail; one column on a phone. */
import type { ReactNode } from "react";
import "./detail.css";

/** `head` carries the page's h1 and its actions. */
export function DetailLayout({ head, left, middle, right }: { head: ReactNode; left: ReactNode; middle: ReactNode; right?: ReactNode }) {
  return (
    <div className="detail">
      <div className="detail-head">{head}</div>
      <div className={right ? "detail-body detail-three" : "detail-body"}>
        <div className="detail-left">{left}</div>
        <div className="detail-middle">{middle}</div>
        {right ? <aside className="detail-right">{right}</aside> : null}
      </div>
    </div>
  );
}
