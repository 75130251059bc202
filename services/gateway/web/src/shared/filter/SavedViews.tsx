/** The views that a person keeps of a list: a name for an address. */
import { DeleteOutlined, StarOutlined } from "@ant-design/icons";
import { DeskService } from "@gen/hotline/gateway/v1/desk_pb";
import { useNavigate } from "@tanstack/react-router";
import { Button, Input, Popover, Space } from "antd";
import { useState } from "react";
import { defineWords, useWords } from "../i18n/i18n";
import { failureOf, type RpcFailure } from "../rpc/errors";
import { useCommand, useRpc } from "../rpc/hooks";
import { FailureNote } from "../ui/state";
import { useUndo } from "../ui/undo";
import { parseQuery } from "./url";

const words = defineWords({
  views: ["我的视图", "My views"],
  name: ["视图名称", "Name of the view"],
  save: ["保存当前筛选", "Keep this filter"],
  remove: ["删除视图 {name}", "Forget the view {name}"],
  none: ["还没有保存的视图。把当前筛选起个名字保存，下次一键打开。", "No views yet. Name the present filter and open it with one click."],
});

/** The button with the views. `query`: the filter now, as it stands in the address. */
export function SavedViews({ list, query }: { list: string; query: string }) {
  const t = useWords(words);
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const later = useUndo();
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [failure, setFailure] = useState<RpcFailure>();
  const views = useRpc(DeskService.method.listSavedViews, { list }, { enabled: open });
  const save = useCommand(DeskService.method.saveView);
  const remove = useCommand(DeskService.method.deleteView);
  const attempt = (work: Promise<unknown>) => {
    setFailure(undefined);
    work.then(() => setName("")).catch((thrown: unknown) => setFailure(failureOf(thrown)));
  };
  const forget = (viewId: string, name: string) => {
    setGone((before) => new Set([...before, viewId]));
    later({
      label: t("remove", { name }),
      commit: () => remove.run({ viewId }),
      restore: () => setGone((before) => new Set([...before].filter((one) => one !== viewId))),
    });
  };
  const content = (
    <Space orientation="vertical" style={{ width: 300 }}>
      {(views.data?.views ?? []).filter(({ viewId }) => !gone.has(viewId)).map((view) => (
        <div key={view.viewId} className="view-line">
          <Button
            type="link"
            onClick={() => {
              setOpen(false);
              void navigate({ to: ".", search: parseQuery(view.query) as never });
            }}
          >
            {view.name}
          </Button>
          <Button type="text" icon={<DeleteOutlined />} aria-label={t("remove", { name: view.name })} onClick={() => forget(view.viewId, view.name)} />
        </div>
      ))}
      {views.data?.views.length === 0 ? <span className="dim">{t("none")}</span> : null}
      {views.error ? <FailureNote failure={views.error} retry={() => void views.refetch()} /> : null}
      {failure ? <FailureNote failure={failure} /> : null}
      <Input value={name} maxLength={60} placeholder={t("name")} aria-label={t("name")} onChange={(event) => setName(event.target.value)} />
      <Button type="primary" disabled={name.trim() === ""} loading={save.pending} onClick={() => attempt(save.run({ view: { list, name: name.trim(), query } }))}>
        {t("save")}
      </Button>
    </Space>
  );
  return (
    <Popover trigger="click" placement="bottomRight" open={open} onOpenChange={setOpen} content={content}>
      <Button icon={<StarOutlined />}>{t("views")}</Button>
    </Popover>
  );
}
