import { createContext, useContext } from 'react'

/** The page's content-security-policy nonce while it is rendered on the server; empty in the browser, which hides it. */
export const NonceContext = createContext('')
export const useNonce = () => useContext(NonceContext)
