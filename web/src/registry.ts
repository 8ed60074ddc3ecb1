/** Every kind of finding that the page can show: one line each. */
export { default as verdict } from "../../src/evenface/study/findings/verdict/view";
export { default as overallChange } from "../../src/evenface/study/findings/overall_change/view";
export { default as groupChange } from "../../src/evenface/study/findings/group_change/view";
export { default as price } from "../../src/evenface/study/findings/price/view";
export { default as chance } from "../../src/evenface/study/findings/chance/view";
export { default as confusion } from "../../src/evenface/study/findings/confusion/view";
export { default as representation } from "../../src/evenface/study/findings/representation/view";
export { default as training } from "../../src/evenface/study/findings/training/view";
export { default as weights } from "../../src/evenface/study/findings/weights/view";
export { default as injectedBias } from "../../src/evenface/study/findings/injected_bias/view";
export { default as planning } from "../../src/evenface/study/findings/planning/view";
export { default as provenance } from "../../src/evenface/study/findings/provenance/view";
export { default as limits } from "../../src/evenface/study/findings/limits/view";
export { default as overallRate } from "../../src/evenface/study/findings/overall_rate/view";
export { default as groupRate } from "../../src/evenface/study/findings/group_rate/view";
