/** The command palette: Ctrl K, a few letters, Enter. */
import { Input, type InputRef, Modal } from "antd";
import { useEffect, useRef, useState } from "react";
import { defineWords, useWords } from "../i18n/i18n";
import { KeyHint } from "../ui/state";
import { useOnceOpen } from "../ui/useOnceOpen";
import { beginDictionary } from "../words/match";
import { useMatcher } from "../words/useMatcher";
import { activeKeys } from "../keys/keys";
import { type Command, useAllCommands, withKeys } from "./commands";
import "./palette.css";

const words = defineWords({
  title: ["命令面板", "Commands"],
  hint: ["输入命令、页面或工单号；可用拼音首字母，如 pdt 找派单台", "a command, a page or an order's number; pinyin initials work"],
  page: ["本页", "This page"],
  none: ["没有匹配的命令", "no such command"],
  goto: ["打开工单 {number}", "Open order {number}"],
});

interface PaletteProps {
  open: boolean;
  onClose: () => void;
  /** Opens an order by its number. */
  onNumber: (number: string) => void;
}

/** The palette. */
export function Palette({ open, onClose, onNumber }: PaletteProps) {
  const t = useWords(words);
  if (!useOnceOpen(open)) return null;
  return (
    <Modal open={open} onCancel={onClose} footer={null} closable={false} title={<span className="visually-hidden">{t("title")}</span>} destroyOnHidden width={600} className="palette">
      <PaletteBody onClose={onClose} onNumber={onNumber} />
    </Modal>
  );
}

function PaletteBody({ onClose, onNumber }: Omit<PaletteProps, "open">) {
  const t = useWords(words);
  const own = useAllCommands();
  // What the page's keys do is found by its name as well: also by whoever has turned the keys off.
  const [keys] = useState(activeKeys);
  const commands = withKeys(own, keys, t("page"));
  const rank = useMatcher(commands.map(({ label, group }) => `${label} ${group}`));
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const input = useRef<InputRef>(null);
  useEffect(() => {
    input.current?.focus();
    beginDictionary();
  }, []);

  const fits = query.trim() === "" ? [...commands] : rank(query).flatMap((index) => commands[index] ?? []);
  const number = query.trim().toUpperCase();
  const list: Command[] = /^[0-9A-Z-]{8,32}$/.test(number)
    ? [{ id: "number", label: t("goto", { number }), group: "", run: () => onNumber(number) }, ...fits]
    : fits;
  const present = Math.min(at, Math.max(0, list.length - 1));
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  return (
    <>
      <Input
        ref={input}
        size="large"
        value={query}
        placeholder={t("hint")}
        aria-label={t("hint")}
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={list.length > 0 ? `palette-${present}` : undefined}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "ArrowDown") setAt(Math.min(present + 1, list.length - 1));
          else if (event.key === "ArrowUp") setAt(Math.max(present - 1, 0));
          else if (event.key === "Enter") run(list[present]);
          else return;
          event.preventDefault();
        }}
      />
      <ul id="palette-list" className="palette-list" role="listbox" aria-label={t("title")}>
        {list.slice(0, 40).map((command, index) => (
          <li
            key={command.id}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === present}
            onMouseMove={() => setAt(index)}
            onClick={() => run(command)}
          >
            <span>{command.label}</span>
            <span className="palette-side">
              {command.group}
              {command.chord ? <KeyHint chord={command.chord} /> : null}
            </span>
          </li>
        ))}
      </ul>
      {list.length === 0 ? <p className="dim">{t("none")}</p> : null}
    </>
  );
}
