/** `npm run --silent imoit -- …`: what an administrator does that has no screen. Exit codes: 0 well, 1 found wanting, 2 could not. */
import { Command } from 'commander'
import { FlowRefused } from '#bpmn/parse.ts'
import { checkAndKeep } from '#db/audit-check.ts'
import { SigningError } from '#signing/signing-error.ts'
import { consoleLanguage } from '../start/say.ts'
import { StartError } from '../start/start-error.ts'
import { auditReport } from './audit-report.ts'
import { withDatabase } from './database.ts'
import { testDecisions } from './decision-test.ts'
import { addFlowCommands } from './flow.ts'
import { endWithReader, print } from './print.ts'
import { addSigningCommands } from './signing.ts'

const language = consoleLanguage()
const say = (vi: string, en: string) => (language === 'vi' ? vi : en)
const json = say('viết kết quả thành một đối tượng JSON', 'write the result as one JSON object')

const program = new Command('imoit')
  .description(say('Lệnh của quản trị iMOIT', 'The administrator’s command of iMOIT'))
  .exitOverride()

program
  .command('audit')
  .description(say('Nhật ký', 'The audit'))
  .command('verify')
  .description(
    say(
      'kiểm tra từng mắt xích của nhật ký và nêu chỗ hỏng đầu tiên',
      'check every link of the audit and name the first broken one',
    ),
  )
  .option('--json', json)
  .action(async (options: { json?: boolean }) => {
    const check = await withDatabase(process.env, (db) => checkAndKeep(db))
    await print(options.json ? JSON.stringify(check) : auditReport(check, language))
    if (check.brokenChains > 0) process.exitCode = 1
  })

addFlowCommands(program, language)
addSigningCommands(program, language)

program
  .command('decision')
  .description(say('Quyết định', 'Decisions'))
  .command('test')
  .description(say('chạy các phép thử DMN trong một thư mục', 'run the DMN tests in a folder'))
  .argument('<dir>', say('thư mục', 'the folder'))
  .action(async (dir: string) => {
    const result = await testDecisions(dir)
    await print(result.lines)
    if (!result.passed) process.exitCode = 1
  })

endWithReader()

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = 2
  if (error instanceof Error && 'exitCode' in error && 'code' in error) {
    // Commander has said what is wrong with the words of the command, or shown its help.
    if (error.exitCode === 0) process.exitCode = 0
  } else if (error instanceof StartError || error instanceof FlowRefused || error instanceof SigningError)
    process.stderr.write(`${error[language]}\n`)
  else if (error instanceof Error && 'code' in error && error.code === 'ENOENT' && 'path' in error)
    process.stderr.write(`${say('Không có tệp', 'There is no file')} ${String(error.path)}\n`)
  else if (error instanceof SyntaxError)
    process.stderr.write(`${say('Không phải là JSON', 'This is no JSON')}: ${error.message}\n`)
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
}
