import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf, officeAtWork, type OfficeAtWork } from '#test/fixtures/office-at-work.ts'
import { loader as incoming } from './_app.documents.incoming.tsx'
import { action } from './_app.lists.$list.tsx'

let office: OfficeAtWork
beforeAll(async () => {
  office = await officeAtWork()
})
afterAll(() => office.close())

const arrange = (name: string, form: Record<string, string | string[]>, list = 'incoming') =>
  answerOf(action(office.asking(name, `/lists/${list}`, { list }, { next: '/documents/incoming', ...form })))
const listOf = async (name: string) => (await incoming(office.asking(name, '/documents/incoming'))).arranged

describe('a list as a person has arranged it', () => {
  it('keeps the columns that were chosen, for that person alone', async () => {
    const answer = await arrange('clerk', { act: 'columns', column: ['date', 'code', 'due', 'state'] })

    expect(answer.to).toBe('/documents/incoming')
    expect((await listOf('clerk')).hiddenColumns).toEqual(['number', 'agency', 'issued', 'unit'])
    expect((await listOf('chief')).hiddenColumns).toEqual([])
  })

  it('keeps a filter under a name, takes the newer one, and lets it go', async () => {
    await arrange('clerk', { act: 'save', name: 'Khẩn', query: 'urgency=1&page=7&evil=1' })
    await arrange('clerk', { act: 'save', name: 'Quá hạn', query: 'due=overdue&sort=due' })
    await arrange('clerk', { act: 'save', name: 'Khẩn', query: 'urgency=2' })

    expect((await listOf('clerk')).views).toEqual([
      { name: 'Quá hạn', query: 'due=overdue&sort=due' },
      { name: 'Khẩn', query: 'urgency=2' },
    ])

    await arrange('clerk', { act: 'remove', name: 'Khẩn' })
    expect((await listOf('clerk')).views.map(({ name }) => name)).toEqual(['Quá hạn'])
  })

  it('says it when a filter has no name or nothing is filtered, and where there is no such list', async () => {
    expect(await arrange('clerk', { act: 'save', name: ' ', query: 'due=overdue' })).toMatchObject({ status: 422 })
    expect(await arrange('clerk', { act: 'save', name: 'Tất cả', query: 'page=2' })).toMatchObject({ status: 422 })
    expect(await arrange('clerk', { act: 'columns' }, 'secret')).toMatchObject({ status: 404 })
  })
})
