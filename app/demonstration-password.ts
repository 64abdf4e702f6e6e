/** The one password of every demonstration account. In production those accounts are refused, whatever the password. */
export const demonstrationPassword = 'imoit-demo'
