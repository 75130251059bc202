/** What stands where something is still loaded: bars as long as lines. They stir only after a while, so that what is loaded is drawn first. */
import "./waiting.css";

/** The bars. */
export function Waiting({ rows }: { rows: number }) {
  return (
    <div className="waiting" aria-hidden="true">
      {Array.from({ length: rows }, (_, at) => (
        <span key={at} />
      ))}
    </div>
  );
}
