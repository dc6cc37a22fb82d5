/** Three small eyes in a triangle. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="6.5" r="4" />
      <circle cx="6" cy="17" r="4" />
      <circle cx="18" cy="17" r="4" />
    </svg>
  );
}
