import type { FindingsDocument } from "page/findings";
import type { SectionId } from "page/view";

export interface Section {
  id: SectionId;
  /** The one question that the part answers. */
  question: string;
  /** A few words for the table of contents. */
  short: string;
  /** Said when no finding speaks to the question. */
  empty: string;
}

/** The parts of the page in reading order. An evaluation judges one model, so that the
 * first questions differ. */
export function sections(kind: FindingsDocument["document"]): Section[] {
  const compared = kind === "comparison";
  return [
    {
      id: "verdict",
      question: compared ? "Is it fairer?" : "How even is it?",
      short: compared ? "Is it fairer?" : "How even is it?",
      empty: "These findings hold no verdict.",
    },
    { id: "groups", question: "For whom?", short: "For whom?", empty: "No figures by group were recorded." },
    {
      id: "paid",
      question: compared ? "Who paid?" : "Who is served worse?",
      short: compared ? "Who paid?" : "Who is served worse?",
      empty: "No group was tested.",
    },
    {
      id: "chance",
      question: "Is it more than chance, and why?",
      short: "More than chance?",
      empty: "No comparison with chance was recorded.",
    },
    {
      id: "confusion",
      question: "What does it confuse?",
      short: "What is confused?",
      empty: "No confusion counts were recorded.",
    },
    {
      id: "data",
      question: "Who is in the data?",
      short: "Who is in the data?",
      empty: "The data set itself was not described: the predictions came without their data set.",
    },
    {
      id: "done",
      question: "What was done?",
      short: "What was done?",
      empty:
        "No training history was recorded: the models were trained elsewhere, or their run folders were not given.",
    },
    {
      id: "repeat",
      question: "Can I repeat it?",
      short: "Can I repeat it?",
      empty: "No provenance was recorded, so it cannot be repeated from this report.",
    },
    { id: "limits", question: "What does it not show?", short: "Limits", empty: "" },
    { id: "words", question: "Words", short: "Words", empty: "" },
  ];
}
