/** The one-time link of an account, shown once. */
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import type { OneTimeLink } from "@gen/hotline/gateway/v1/account_pb";
import { useWords } from "@shared/i18n/i18n";
import { dateTime, msOf } from "@shared/time/format";
import { words } from "./words";

export function LinkNote({ name, link, onClose }: { name: string; link: OneTimeLink; onClose: () => void }) {
  const t = useWords(words);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(link.url);
    setCopied(true);
  };
  return (
    <Modal open title={`${t("linkTitle")} · ${name}`} onCancel={onClose} maskClosable={false} footer={<Button onClick={onClose}>{t("done")}</Button>}>
      <p>{t("linkNote", { at: dateTime(msOf(link.expiresAt)) })}</p>
      <Input.TextArea readOnly value={link.url} aria-label={t("linkTitle")} rows={3} onFocus={(event) => event.target.select()} />
      <p role="status">
        {/* Without a secure address a browser has no clipboard: the text can still be marked. */}
        {navigator.clipboard ? <Button onClick={() => void copy()}>{t(copied ? "copied" : "copy")}</Button> : null}
      </p>
    </Modal>
  );
}
