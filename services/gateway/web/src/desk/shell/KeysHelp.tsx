/** The list of keys that act on the page that is open. */
import { Modal } from "antd";
import { defineWords, useWords } from "@shared/i18n/i18n";
import { chordLabel } from "@shared/keys/chord";
import { activeKeys } from "@shared/keys/keys";
import { useOnceOpen } from "@shared/ui/useOnceOpen";

const words = defineWords({
  title: ["快捷键一览", "Keys"],
  note: ["单键在输入文字时不起作用，可在右上角账户菜单里关闭。", "Single keys are off while you type; turn them off in the account menu."],
});

export function KeysHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useWords(words);
  if (!useOnceOpen(open)) return null;
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t("title")} destroyOnHidden>
      <dl className="facts">
        {activeKeys().map(([chord, { label }]) => (
          <div key={chord} style={{ display: "contents" }}>
            <dt>
              <kbd className="key">{chordLabel(chord)}</kbd>
            </dt>
            <dd>{label}</dd>
          </div>
        ))}
      </dl>
      <p className="dim">{t("note")}</p>
    </Modal>
  );
}
