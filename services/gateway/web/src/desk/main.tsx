/** Entry of the staff's desks. */
import { RouterProvider } from "@tanstack/react-router";
import { enter } from "@shared/entry";
import { router } from "./router";

enter(<RouterProvider router={router} />);
