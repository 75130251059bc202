/** The command screen's frame: its name, the time of the data. Its panels live in src/screen/panels. */
import { useNow } from "@shared/time/clock";
import { dateTime } from "@shared/time/format";
import { defineWords, useWords } from "@shared/i18n/i18n";
import { useLine } from "@shared/live/live";
import { useSession } from "@shared/session/session";

const words = defineWords({
  title: ["{city}12345 政务服务便民热线指挥大屏", "{city} 12345 command screen"],
  stale: ["数据可能滞后", "data may be stale"],
});

export function Screen() {
  const t = useWords(words);
  const line = useLine();
  const now = useNow();
  const session = useSession();
  return (
    <main className="screen">
      <h1>{t("title", { city: session.cityName })}</h1>
      <p>
        {dateTime(now)} {line.state === "live" ? "" : t("stale")}
      </p>
    </main>
  );
}
