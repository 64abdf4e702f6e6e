const VIET_NAM = 7 * 3_600_000

/** `YYYY-MM-DD` in Viet Nam of an instant (epoch ms). */
export const officeDay = (instant: number): string => new Date(instant + VIET_NAM).toISOString().slice(0, 10)
