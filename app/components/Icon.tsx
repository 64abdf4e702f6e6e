/** Strokes on a grid of 24, drawn in the text's colour. Always beside a word, never instead of one. */
const strokes = {
  tasks: 'M9 6h11M9 12h11M9 18h11M4 6l1 1 2-2M4 12l1 1 2-2M4 18l1 1 2-2',
  incoming: 'M4 13v6h16v-6M12 4v10M8 10l4 4 4-4',
  outgoing: 'M4 13v6h16v-6M12 14V4M8 8l4-4 4 4',
  internal: 'M4 8h13l-3-3M20 16H7l3 3',
  given: 'M4 12l16-8-6 16-3-7z',
  register: 'M5 4h13a1 1 0 0 1 1 1v15H6a2 2 0 0 1-2-2V5a1 1 0 0 1 1-1zM8 8h7M8 12h7M19 17H6',
  mail: 'M4 6h16v12H4zM4 7l8 6 8-6',
  monitor: 'M4 19h16M7 16v-5M12 16V6M17 16v-8',
  administration: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4',
  search: 'M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM20 20l-4.5-4.5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  person: 'M12 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM5 20c.6-4 3.4-6 7-6s6.400 2 7 6',
  file: 'M7 4h7l4 4v12H7zM14 4v4h4',
  warning: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2',
  done: 'M5 12l5 5 9-10',
  lock: 'M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3',
  down: 'M6 9l6 6 6-6',
  up: 'M6 15l6-6 6 6',
  left: 'M15 6l-6 6 6 6',
  right: 'M9 6l6 6-6 6',
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  flag: 'M6 21V4h11l-2 4 2 4H6',
  sign: 'M4 20h16M6 16l1-4 8-8 3 3-8 8zM13 6l3 3',
  out: 'M10 5H5v14h5M14 8l4 4-4 4M18 12H9',
} as const

export type IconName = keyof typeof strokes

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={strokes[name]} />
    </svg>
  )
}
