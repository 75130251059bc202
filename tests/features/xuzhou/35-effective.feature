# language: zh-CN
功能: 徐州办法第35条:自印发之日起施行

  @XZ-35-1
  场景: 修订的办法自施行之日起管新工单,此前的工单按原办法办到底
    假如徐州平台,现在是 2026-03-02 09:30,另有文件"policy-2026.toml"
      """
      [policy]
      id             = "xuzhou-2026"
      parent         = "xuzhou-2020"
      title          = "徐州市政府服务热线平台运行管理办法(修订)"
      document       = "徐政办发〔2026〕8号"
      division       = "320300"
      effective_from = 2026-03-03
      office_hours   = ["09:00-12:00", "13:30-17:30"]
      convention     = "civil"
      operator       = ["office_hours", "convention"]

      [[clock]]
      article    = "14"
      obligation = "answer"
      within     = "4 working days"
      """
    当坐席登记并受理"旧"诉求
    而且派单员按目录派单
    那么工单按政策"xuzhou-2020"办理
    而且"答复"时限到 2026-03-09 17:30,依据"12(3)"
    当时间到了 2026-03-03 09:30
    而且坐席登记并受理"新"诉求
      | 电话 | 15405160002 |
    而且派单员按目录派单
    那么工单按政策"xuzhou-2026"办理
    而且"答复"期限为"4个工作日",依据"14"
    而且"答复"时限到 2026-03-09 17:30,依据"14"
    # 施行之后,旧工单的新动作仍按原办法
    当说到"旧"诉求
    而且承办单位签收
    而且承办单位申请延期"3个工作日",理由"需委托第三方检测"
    而且审核员同意承办单位延期
    那么工单按政策"xuzhou-2020"办理
    而且"答复"时限到 2026-03-12 17:30,依据"12(3)"
    而且"答复"时限的说明包含"徐政办发〔2020〕89号"

  @XZ-35-1
  场景: 修订的办法可以把诉求人再次催办列入督办
    假如徐州平台,现在是 2026-03-02 09:30,另有文件"policy-2026.toml"
      """
      [policy]
      id             = "xuzhou-2026"
      parent         = "xuzhou-2020"
      title          = "徐州市政府服务热线平台运行管理办法(修订)"
      document       = "徐政办发〔2026〕8号"
      division       = "320300"
      effective_from = 2026-03-01
      office_hours   = ["09:00-12:00", "13:30-17:30"]
      convention     = "civil"
      operator       = ["office_hours", "convention"]

      [[supervise]]
      article     = "25"
      code        = "pressed"
      name        = "诉求人多次催办"
      trigger     = "urged"
      count       = 2
      per         = "order"
      instruments = ["supervision_slip"]
      to          = ["leader"]
      """
    当坐席登记并受理诉求
    而且派单员按目录派单
    而且诉求人催办"请尽快答复"
    那么没有类别"pressed"的督办事项
    当诉求人催办"还没有结果"
    而且说到类别"pressed"的督办事项
    那么督办事项的"缘由"包含"诉求人催办2次"
    而且督办事项已发出"督办单"给"承办单位",依据"27"
