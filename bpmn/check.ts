export interface Finding {
  rule: string
  severity: 'error' | 'warning'
  elementId: string | null
  vi: string
  en: string
}
