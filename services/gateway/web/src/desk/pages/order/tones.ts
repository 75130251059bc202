/** Tones of states: what waits is warm, what went wrong is red, what is done is green. */
import { AppealState } from "@gen/hotline/intake/v1/intake_pb";
import { LegState, OrderState } from "@gen/hotline/routing/v1/routing_pb";
import type { Tone } from "@shared/ui/state";

export function orderTone(state: OrderState): Tone {
  switch (state) {
    case OrderState.PRE_REVIEW:
      return "warn";
    case OrderState.DISPUTED:
    case OrderState.ESCALATED:
      return "bad";
    case OrderState.HANDLING:
      return "info";
    case OrderState.SETTLED:
    case OrderState.CLOSED:
      return "good";
    default:
      return "calm";
  }
}

export function appealTone(state: AppealState): Tone {
  switch (state) {
    case AppealState.REGISTERED:
    case AppealState.REFERRED:
    case AppealState.WITH_SPECIALIST:
      return "warn";
    case AppealState.ACCEPTED:
    case AppealState.IN_PROGRESS:
      return "info";
    case AppealState.ANSWERED:
    case AppealState.SETTLED:
    case AppealState.CLOSED:
      return "good";
    default:
      return "calm";
  }
}

export function legTone(state: LegState): Tone {
  switch (state) {
    case LegState.TO_SIGN:
    case LegState.REPLIED:
    case LegState.SUBMITTED:
      return "warn";
    case LegState.SENT_BACK:
    case LegState.RETURNED:
      return "bad";
    case LegState.APPROVED:
      return "good";
    case LegState.SIGNED:
    case LegState.FOLLOWING:
      return "info";
    default:
      return "calm";
  }
}
