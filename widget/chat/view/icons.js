// The chat's line icons (24x24 path data), drawn by dom.icon().

const RING = "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16Z";

export const ICONS = {
  close: ["M6 6l12 12M18 6L6 18"],
  down: ["M12 5v14M6 13l6 6 6-6"],
  send: ["M12 19V5M6 11l6-6 6 6"],
  person: ["M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM5 20c0-7 14-7 14 0"],
  spark: ["M12 3c1 6 3 8 9 9-6 1-8 3-9 9-1-6-3-8-9-9 6-1 8-3 9-9Z"],
  page: ["M7 4h7l4 4v12H7ZM14 4v4h4"],
  out: ["M9 6H6v12h12v-3M13 5h6v6M19 5l-8 8"],
  clock: [RING, "M12 8v4l3 2"],
  check: ["M5 12l5 5 9-9"],
  checks: ["M2 12l5 5 9-9M11 16l1 1 9-9"],
  alert: [RING, "M12 8v5M12 16v0"],
};
