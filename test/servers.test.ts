import postgres from 'postgres'
import { Connection } from '@temporalio/client'
import { expect, it } from 'vitest'
import { createTestDatabase, temporalAddress } from '#test/servers.ts'

it('gives each asker a database of its own, in Vietnamese order', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()])
  const [first, second] = [postgres(one.url), postgres(two.url)]

  await first`create table only_here (word text)`
  await first`insert into only_here values ('đa'), ('dê'), ('ân'), ('an'), ('ăn'), ('em')`

  expect((await first`select word from only_here order by word`).map(({ word }) => String(word))).toEqual(
    'an ăn ân dê đa em'.split(' '),
  )
  await expect(second`select * from only_here`).rejects.toThrow('does not exist')
  await Promise.all([first.end(), second.end()])
  await Promise.all([one.drop(), two.drop()])
  await expect(postgres(one.url)`select 1`).rejects.toThrow('does not exist')
})

it('gives everybody the same Temporal server', async () => {
  const [address, again] = await Promise.all([temporalAddress(), temporalAddress()])
  expect(again).toBe(address)
  const connection = await Connection.connect({ address })
  const { namespaceInfo } = await connection.workflowService.describeNamespace({ namespace: 'default' })
  await connection.close()
  expect(namespaceInfo?.name).toBe('default')
})
