/** Messages in the shape that the field's senders use, for tests. Invented content. */
import type { DocumentMessageInput, StatusMessageInput } from './message.ts'

export const governmentOffice = '000.00.00.G22'
export const ministry = '000.00.00.G02'

/** A letter of the Government Office to the ministry with one attachment. */
export function letter(over: Partial<DocumentMessageInput> = {}): DocumentMessageInput {
  return {
    kind: 'document',
    from: { organId: governmentOffice, organName: 'Văn phòng Chính phủ', email: 'demo@example.invalid' },
    to: [{ organId: ministry, organName: 'Bộ Công Thương' }],
    documentId: `${governmentOffice},2022/04/15,7816/VPCP-KSTT`,
    code: { number: '7816', notation: 'VPCP-KSTT' },
    promulgation: { place: 'Hà Nội', date: '2022-04-15' },
    documentType: { type: 18, typeName: 'Công văn' },
    subject: 'V/v báo cáo tình hình cung cấp dịch vụ công trực tuyến',
    signer: { competence: 'KT.', position: 'Phó Chủ nhiệm', fullName: 'Người Ký Trình Diễn' },
    dueDate: '2022-05-15',
    otherInfo: { priority: 1, pageAmount: 2, promulgationAmount: 10, appendixes: ['Phụ lục I'] },
    steeringType: 2,
    toPlaces: ['Bộ Công Thương', 'Lưu: VT'],
    trace: [{ organId: governmentOffice, timestamp: '2022-04-15T09:30:00+07:00' }],
    bussiness: { bussinessDocType: 0, paper: false, staff: { staff: 'Văn thư' } },
    attachments: [
      {
        contentId: 'tep-1',
        name: 'Công văn 7816.pdf',
        contentType: 'application/pdf',
        content: Buffer.from('%PDF-1.4'),
      },
    ],
    ...over,
  }
}

/** The ministry's word on that letter. */
export function status(over: Partial<StatusMessageInput> = {}): StatusMessageInput {
  return {
    kind: 'status',
    from: { organId: ministry, organName: 'Bộ Công Thương' },
    responseFor: {
      organId: governmentOffice,
      code: '7816/VPCP-KSTT',
      documentId: `${governmentOffice},2022/04/15,7816/VPCP-KSTT`,
      promulgationDate: '2022-04-15',
    },
    staff: { staff: 'Văn thư Bộ' },
    statusCode: '01',
    description: 'Đã đến',
    timestamp: '2022-04-15T09:31:00+07:00',
    ...over,
  }
}
