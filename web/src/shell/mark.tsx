export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 28 28" aria-hidden="true" focusable="false">
      <rect width="28" height="28" rx="7" fill="var(--accent)" />
      <g stroke="#fff" strokeWidth="2.3" strokeLinecap="round">
        <path d="M7 9h4M7 14h4M7 19h4" opacity=".55" />
        <path d="M15 9h6M15 14h6M15 19h3" />
      </g>
    </svg>
  );
}
