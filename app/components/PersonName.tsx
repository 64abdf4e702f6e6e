/** A person as offices write them: the name, the post below or behind it. */
export function PersonName({
  fullName,
  title,
  unit,
}: {
  fullName: string
  title?: string | null
  unit?: string | null
}) {
  const post = [title, unit].filter(Boolean).join(', ')
  return (
    <span className="person">
      {fullName}
      {post && <small className="muted"> {post}</small>}
    </span>
  )
}
