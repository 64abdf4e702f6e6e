/**
 * Kinds of document on the wire. `DocumentType/Type` is ambiguous between senders (the Government Office's samples send 1
 * for every kind, others the ordinal of NĐ 30/2020 Điều 7), so reading matches on `TypeName`, writing sends the ordinal.
 */
export interface DocumentType {
  /** Ordinal in NĐ 30/2020 Điều 7; null for legal normative documents, which that article does not list. */
  ordinal: number | null
  name: string
  /** Abbreviation in the notation (`55/TB-BCT`); empty where the notation has none. */
  abbreviation: string
}

const administrative: [name: string, abbreviation: string][] = [
  ['Nghị quyết', 'NQ'],
  ['Quyết định', 'QĐ'],
  ['Chỉ thị', 'CT'],
  ['Quy chế', 'QC'],
  ['Quy định', 'QyĐ'],
  ['Thông cáo', 'TC'],
  ['Thông báo', 'TB'],
  ['Hướng dẫn', 'HD'],
  ['Chương trình', 'CTr'],
  ['Kế hoạch', 'KH'],
  ['Phương án', 'PA'],
  ['Đề án', 'ĐA'],
  ['Dự án', 'DA'],
  ['Báo cáo', 'BC'],
  ['Biên bản', 'BB'],
  ['Tờ trình', 'TTr'],
  ['Hợp đồng', 'HĐ'],
  ['Công văn', ''],
  ['Công điện', 'CĐ'],
  ['Bản ghi nhớ', 'BGN'],
  ['Bản thỏa thuận', 'BTT'],
  ['Giấy ủy quyền', 'GUQ'],
  ['Giấy mời', 'GM'],
  ['Giấy giới thiệu', 'GGT'],
  ['Giấy nghỉ phép', 'GNP'],
  ['Phiếu gửi', 'PG'],
  ['Phiếu chuyển', 'PC'],
  ['Phiếu báo', 'PB'],
  ['Thư công', ''],
]

const normative: [name: string, abbreviation: string][] = [
  ['Luật', ''],
  ['Pháp lệnh', ''],
  ['Nghị định', 'NĐ-CP'],
  ['Thông tư', 'TT'],
  ['Thông tư liên tịch', 'TTLT'],
]

const documentTypes: readonly DocumentType[] = [
  ...administrative.map(([name, abbreviation], index) => ({ ordinal: index + 1, name, abbreviation })),
  ...normative.map(([name, abbreviation]) => ({ ordinal: null, name, abbreviation })),
]

/** Accents carry meaning (thông báo / thông cáo), so they stay; only case, spacing and composition are evened out. */
function comparable(name: string): string {
  return name
    .normalize('NFC')
    .replace(/\([^)]*\)/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
    .toLocaleLowerCase('vi')
    .replace('thoả thuận', 'thỏa thuận')
    .replace('uỷ quyền', 'ủy quyền')
}

const byName = new Map(documentTypes.map((type) => [comparable(type.name), type]))

/** The kind that a message's `TypeName` names ("Quyết định (cá biệt)" is "Quyết định"); undefined when none matches. */
export function documentTypeByName(typeName: string): DocumentType | undefined {
  return byName.get(comparable(typeName))
}

/** What to put in a message for a kind of document: its ordinal, or 1 where NĐ 30/2020 has none, and its name. */
export function wireDocumentType(typeName: string): { type: number; typeDetail: string; typeName: string } {
  const known = documentTypeByName(typeName)
  return { type: known?.ordinal ?? 1, typeDetail: '', typeName: known?.name ?? typeName.trim() }
}
