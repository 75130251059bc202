# language: zh-CN
功能: 江苏办法第11、32条:特定渠道从其规定,设区市可参照制定

  @JS-11-7
  场景大纲: 国家平台、区域平台和上级交办的诉求按该渠道自己的时限,其他渠道不变
    假如文件"jiangsu/policy.toml"在「# Channels of article 8 (3) to (6)」之前加上
      """
      # The rules that these channels bring.
      [[clock]]
      article    = "11"
      obligation = "answer"
      when       = { channel = "national" }
      within     = "15 natural days"

      [[clock]]
      article    = "11"
      obligation = "answer"
      when       = { channel = "regional" }
      within     = "7 working days"

      [[clock]]
      article    = "11"
      obligation = "answer"
      when       = { channel = "co_built" }
      within     = "2 working days"

      [[clock]]
      article    = "11"
      obligation = "answer"
      when       = { channel = "provincial" }
      within     = "1 working day"
      """
    而且按改过的文件启动"江苏"平台,现在是 2026-03-02 09:30
    当系统登记并受理诉求
      | 渠道     | <渠道>     |
      | 来源平台 | <来源平台> |
      | 来源编号 | HB0001     |
    而且派单员按目录派单
    那么"答复"期限为"<期限>",依据"<依据>"
    而且"签收"期限为"1个工作小时",依据"11(3)"

    例子:
      | 渠道     | 来源平台 | 期限       | 依据  |
      | 国家平台 | national_service | 15个自然日 | 11    |
      | 区域平台 | yangtze_delta    | 7个工作日  | 11    |
      | 共建平台 | service_rating   | 2个工作日  | 11    |
      | 省级平台 | province         | 1个工作日  | 11    |
      | 网站     | site             | 5个工作日  | 11(3) |

  @JS-32-1
  场景: 设区市在省办法上制定自己的办法,只改一条
    假如新增文件"demo/policy.toml"
      """
      [policy]
      id             = "demo-2021"
      parent         = "jiangsu-2020"
      title          = "某市12345运行管理办法(示例)"
      document       = "示例文号"
      division       = "320300"
      effective_from = 2021-01-01
      office_hours   = ["09:00-12:00", "13:30-17:30"]

      [[clock]]
      article    = "8"
      obligation = "answer"
      when       = { type = "consult" }
      within     = "2 working days"
      """
    而且"demo"沿用"xuzhou"的单位、目录和区划
    而且按改过的文件启动"demo"平台,现在是 2026-03-02 09:30
    当坐席登记并受理"咨询"诉求
      | 类型 | 咨询 |
    而且派单员按目录派单
    那么工单按政策"demo-2021"办理
    而且"答复"期限为"2个工作日",依据"8"
    而且"签收"期限为"1个工作小时",依据"11(3)"
    当坐席登记并受理"投诉"诉求
      | 类型 | 投诉 |
    而且派单员按目录派单
    那么"答复"期限为"5个工作日",依据"11(3)"

  @JS-32-1
  场景: 参照的上位办法不存在,这份办法不能用
    假如新增文件"demo/policy.toml"
      """
      [policy]
      id             = "demo-2021"
      parent         = "jiangsu-2099"
      title          = "某市12345运行管理办法(示例)"
      document       = "示例文号"
      division       = "320300"
      effective_from = 2021-01-01
      office_hours   = ["09:00-12:00", "13:30-17:30"]
      """
    那么文件有错「demo-2021 has an unknown parent: jiangsu-2099」
