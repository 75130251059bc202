/** The session is over: sign in again in place; what was written stays as a draft. */
import { Button, Modal } from "antd";
import { defineWords, useWords } from "@shared/i18n/i18n";
import { useSignedOut } from "@shared/session/signedOut";
import { signInAddress } from "@shared/session/session";

const words = defineWords({
  title: ["登录已失效", "Your session is over"],
  text: ["请重新登录。填写的内容已存为草稿，登录后可继续。", "Sign in again. What you wrote is kept as a draft."],
  go: ["重新登录", "Sign in"],
});

export function SignedOut() {
  const t = useWords(words);
  const over = useSignedOut();
  if (!over) return null;
  return (
    <Modal
      open
      closable={false}
      keyboard={false}
      title={t("title")}
      footer={
        <Button type="primary" onClick={() => window.location.assign(signInAddress())}>
          {t("go")}
        </Button>
      }
    >
      {t("text")}
    </Modal>
  );
}
