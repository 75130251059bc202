/** Entry of the command screen. */
import { enter } from "@shared/entry";
import { Screen } from "./Screen";

enter(<Screen />);
