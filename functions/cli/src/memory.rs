//! How the C library's allocator keeps memory.

/// Blocks from here on are mapped by themselves and unmapped when freed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MMAP_THRESHOLD_BYTES: i32 = 256 << 10;
/// Free memory at the end of a heap past this is given back.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const TRIM_THRESHOLD_BYTES: i32 = 1 << 20;
/// Heaps that threads share; by default each thread may keep one of its own.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MAX_ARENAS: i32 = 3;

/// Has freed memory go back to the system early: stages run one after another in this process, and what
/// one has freed would else stay beside what the next one needs. Must run before any thread is started.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn give_back_early() {
    for (parameter, value) in [
        (libc::M_MMAP_THRESHOLD, MMAP_THRESHOLD_BYTES),
        (libc::M_TRIM_THRESHOLD, TRIM_THRESHOLD_BYTES),
        (libc::M_ARENA_MAX, MAX_ARENAS),
    ] {
        #[expect(unsafe_code, reason = "the C library has no other door")]
        // SAFETY: mallopt reads two integers, and no other thread runs yet.
        unsafe {
            libc::mallopt(parameter, value)
        };
    }
}

/// Other C libraries are left as they are.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back_early() {}

/// Gives back what is free between blocks in use; worth its milliseconds where a big stage begins.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn give_back_now() {
    #[expect(unsafe_code, reason = "the C library has no other door")]
    // SAFETY: malloc_trim takes an integer and may be called by any thread at any time.
    unsafe {
        libc::malloc_trim(0)
    };
}

/// Other C libraries are left as they are.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back_now() {}
