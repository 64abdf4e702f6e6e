import { describe, expect, it } from 'vitest'
import * as document from './document.ts'
import * as office from './office.ts'
import * as task from './task.ts'
import type { Language, Wording } from './wording.ts'

const due = Date.UTC(2026, 10, 22, 8, 30)
const subject = 'Báo cáo về <dịch vụ công> "trực tuyến"\r\nBcc: somebody@else.example'

const everyLetter = (language: Language): Record<string, Wording> => {
  const base = { language, to: 'Trần Ví Dụ', subject, code: '55/TB-BCT', url: 'http://127.0.0.1:3000/tasks/1?a=1&b=2' }
  const asked = { ...base, ask: 'Bút phê', due }
  return {
    taskAssigned: task.taskAssigned({ ...asked, by: 'Lê Ví Dụ', opinion: 'Gấp' }),
    taskReminder: task.taskReminder(asked),
    taskOverdue: task.taskOverdue({ ...asked, toldAbove: 'office' }),
    taskOverdueForHead: task.taskOverdueForHead({ ...asked, person: null, unit: 'Vụ Pháp chế' }),
    documentReturned: document.documentReturned({ ...base, by: 'Lê Ví Dụ', reason: 'Không thuộc chức năng' }),
    documentInformed: document.documentInformed({ ...base, by: null }),
    noticeIssued: document.noticeIssued({ ...base, unit: 'Vụ Pháp chế', due }),
    replyDispatched: document.replyDispatched({ ...base, answers: '12/VPCP', recipients: ['VPCP', 'Vụ Pháp chế'] }),
    slipDecided: document.slipDecided({ ...base, by: 'Lê Ví Dụ', outcome: 'directed', opinion: 'Trao đổi lại' }),
    opinionsConcluded: document.opinionsConcluded({ ...base, synthesis: 'Tiếp thu ý kiến' }),
    opinionsOwed: document.opinionsOwed({ ...base, units: ['Vụ <Pháp> chế', 'Cục Hóa chất'] }),
    unopenedChase: office.unopenedChase({ ...base, units: ['Vụ <Pháp> chế', 'Cục Hóa chất'], issued: due }),
  }
}

describe.each(['vi', 'en'] as const)('letters in %s', (language) => {
  it.each(Object.entries(everyLetter(language)))(
    '%s says whom, what and where, in one line of subject',
    (_, letter) => {
      expect(letter.subject).toMatch(/^\[iMOIT\] \S/)
      expect(letter.subject).not.toMatch(/[\r\n]/)
      expect(letter.text).toContain('Trần Ví Dụ')
      expect(letter.text).toContain('55/TB-BCT')
      expect(letter.text).toContain('http://127.0.0.1:3000/tasks/1?a=1&b=2')
      expect(letter.html).toContain('href="http://127.0.0.1:3000/tasks/1?a=1&amp;b=2"')
      expect(letter.html).toContain(`lang="${language}"`)
      expect(letter.text).not.toMatch(/undefined|null|\[object/)
      expect(letter.html).not.toMatch(/undefined|null|<dịch|<Pháp/)
    },
  )
})

it('writes times as Hanoi does, whatever the machine’s own zone', () => {
  for (const language of ['vi', 'en'] as const) {
    const letters = everyLetter(language)
    for (const name of ['taskReminder', 'taskOverdue', 'noticeIssued', 'unopenedChase']) {
      expect(letters[name]?.text).toContain('22/11/2026 15:30')
    }
  }
})

it('lists every unit that is to be chased', () => {
  const { text, html } = everyLetter('vi').unopenedChase ?? { text: '', html: '' }
  expect(text).toContain('- Vụ <Pháp> chế\n- Cục Hóa chất')
  expect(html).toContain('<li>Vụ &lt;Pháp&gt; chế</li><li>Cục Hóa chất</li>')
})

it('makes no link of an address that is not the web’s', () => {
  const { html } = task.taskReminder({
    language: 'vi',
    to: 'A',
    ask: 'B',
    subject: 'C',
    code: null,
    due: null,
    url: 'javascript:alert(1)',
  })
  expect(html).toContain('href="#"')
})
