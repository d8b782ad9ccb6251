// What Meta's window says. Anybody may send this page a message, so one is believed only when its origin is exactly one
// of Meta's and its text is a WA_EMBEDDED_SIGNUP object; everything else is noise and ignored without a word.

const TYPE = "WA_EMBEDDED_SIGNUP";

/** What the window says in a message, or null. `origins` are the only ones believed; none is a prefix or ending. */
export function readMessage(message, origins) {
  if (!origins.includes(message.origin)) return null;
  if (typeof message.data !== "string") return null;
  let said;
  try {
    said = JSON.parse(message.data);
  } catch {
    return null;
  }
  if (said === null || typeof said !== "object" || said.type !== TYPE || typeof said.event !== "string") return null;
  const data = said.data !== null && typeof said.data === "object" ? said.data : {};
  return { ...said, data };
}

/** finished, failed (Meta showed an error), cancelled, or under_way: PROGRESS and kinds to come end nothing. */
export function outcome(event) {
  if (event.event.startsWith("FINISH")) return "finished";
  if (!event.event.startsWith("CANCEL") && !event.event.startsWith("ERROR")) return "under_way";
  const failed = event.event.startsWith("ERROR") || event.data.error_message || event.data.error_code || event.data.error_id;
  return failed ? "failed" : "cancelled";
}
