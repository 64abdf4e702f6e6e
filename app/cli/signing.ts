import { Option, type Command } from 'commander'
import type { Language } from '../language.ts'
import { print } from './print.ts'
import type { AgentCommandOptions } from './sign-agent.ts'

/** `imoit sign`, `verify`, `agent` and `testca`: digital signatures. What they need is loaded when they are called. */
export function addSigningCommands(program: Command, language: Language): void {
  const say = (vi: string, en: string) => (language === 'vi' ? vi : en)
  const signable = say('tệp PDF hoặc thông điệp XML', 'the PDF file or XML message')

  program
    .command('sign')
    .description(say('ký một tệp bằng khóa của bản trình diễn', 'sign a file with a key of the demonstration'))
    .argument('<in>', signable)
    .argument('<out>', say('nơi ghi tệp đã ký', 'where the signed file goes'))
    .addOption(
      new Option('--as <user>', say('ai ký', 'who signs')).choices(['person', 'organisation']).makeOptionMandatory(),
    )
    .addOption(
      new Option('--level <level>', say('mức PAdES của PDF', 'the PAdES level of a PDF'))
        .choices(['B', 'T', 'LT'])
        .default('LT'),
    )
    .action(async (from: string, to: string, options: { as: 'person' | 'organisation'; level: 'B' | 'T' | 'LT' }) => {
      const { signFile } = await import('./sign-file.ts')
      await signFile(process.env, from, to, options.as, options.level)
    })

  program
    .command('verify')
    .description(say('kiểm tra chữ ký số của một tệp', 'verify the digital signatures of a file'))
    .argument('<file>', say('tệp PDF hoặc XML', 'the PDF or XML file'))
    .option('--json', say('viết kết quả thành một đối tượng JSON', 'write the result as one JSON object'))
    .option(
      '--trust <file...>',
      say(
        'chỉ tin các cơ quan chứng thực trong tệp PEM này, thay cho cơ quan thử',
        'believe only the authorities in these PEM files, instead of the test authority',
      ),
    )
    .action(async (file: string, options: { json?: boolean; trust?: string[] }) => {
      const { verifyFile, verifyReport, VERDICT_EXIT } = await import('./verify-file.ts')
      const report = await verifyFile(process.env, file, options.trust)
      await print(options.json ? JSON.stringify({ file, ...report }) : verifyReport(file, report, language))
      process.exitCode = VERDICT_EXIT[report.verdict]
    })

  program
    .command('agent')
    .description(
      say(
        'chạy chương trình ký trên máy của người ký: trang web gửi mã băm, người ký đồng ý, thiết bị ký',
        'run the signing program on the signer’s machine: the page sends a digest, the signer agrees, the token signs',
      ),
    )
    .requiredOption(
      '--origin <origin...>',
      say('địa chỉ trang được phép, như https://…', 'pages that may ask, as https://…'),
    )
    .option('--library <file>', say('thư viện PKCS#11 của thiết bị', 'the token’s PKCS#11 library'))
    .option('--token <label>', say('nhãn thiết bị', 'the token’s label'))
    .option('--port <port>', say('cổng', 'the port'))
    .action(async (options: AgentCommandOptions) => {
      const { startSignAgent } = await import('./sign-agent.ts')
      await print(await startSignAgent(options, language))
    })

  program
    .command('testca')
    .description(say('Cơ quan chứng thực thử', 'The test authority'))
    .command('export')
    .description(
      say(
        'ghi root.pem, issuing.pem và crl.pem cho các công cụ kiểm tra khác',
        'write root.pem, issuing.pem and crl.pem for other validators',
      ),
    )
    .argument('<dir>', say('thư mục', 'the folder'))
    .action(async (dir: string) => {
      const { exportTestAuthority } = await import('./test-authority.ts')
      await print(await exportTestAuthority(process.env, dir))
    })
}
