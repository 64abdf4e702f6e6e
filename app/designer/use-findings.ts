import { useEffect, useState } from 'react'
import type { Finding } from '#bpmn/finding.ts'
import { FlowWorker, TookTooLong } from './flow-worker.ts'
import type { DesignerModeler } from './modeler-services.ts'

/** ms after the last stroke */
const AFTER_STROKE = 350

const endless: Finding = {
  rule: 'too-long',
  severity: 'error',
  elementId: null,
  vi: 'Kiểm tra quá 5 giây chưa xong: sơ đồ hoặc một biểu thức trong đó quá nặng.',
  en: 'Checking was not done within 5 seconds: the drawing or an expression in it is too heavy.',
}

/** What publishing would say of the drawing, while it is drawn; null until the first check is done. */
export function useFindings(modeler: DesignerModeler | null, serviceTypes: readonly string[]): Finding[] | null {
  const [findings, setFindings] = useState<Finding[] | null>(null)
  useEffect(() => {
    if (!modeler) return
    const worker = new FlowWorker()
    let [left, asked] = [false, 0]
    let timer: ReturnType<typeof setTimeout>
    const check = async () => {
      const mine = ++asked
      const { xml = '' } = await modeler.saveXML()
      const answer = await worker.ask({ do: 'check', xml, serviceTypes }).catch((error: unknown) => {
        if (error instanceof TookTooLong) return { findings: [endless] }
        if (left) return null
        throw error
      })
      if (!left && answer && mine === asked) setFindings(answer.findings)
    }
    const drawn = () => {
      clearTimeout(timer)
      timer = setTimeout(() => void check(), AFTER_STROKE)
    }
    void check()
    modeler.on('commandStack.changed', drawn)
    return () => {
      left = true
      clearTimeout(timer)
      modeler.off('commandStack.changed', drawn)
      worker.end()
    }
  }, [modeler, serviceTypes])
  return findings
}
