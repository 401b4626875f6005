const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** The HTML that shows a text as it is. */
export const escape = (text) => text.replace(/[&<>"]/g, (character) => ENTITIES[character]);
