//! The program's allocator.
//!
//! Facts are millions of short strings that one thread makes and another one drops. jemalloc does a build of
//! Django's sources with 16 % less CPU than the C library's allocator, and peaks lower. It does not take the place
//! of `malloc`: libraries that are loaded before the program and put themselves before the clock's functions
//! would wait for it while it waits for the clock.

use tikv_jemalloc_sys as jemalloc;
use tikv_jemallocator::Jemalloc;
use tree_sitter::Allocator;

#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

/// Stages run one after another in this process: what one has freed goes back to the system within two
/// seconds, and few heaps are kept for threads. jemalloc reads this under its name before it allocates anything.
#[expect(unsafe_code, reason = "a symbol's name is given to the linker as it is")]
// SAFETY: nothing else has the name, and a reference to an array is the pointer to text that is expected there.
#[unsafe(export_name = "_rjem_malloc_conf")]
static MALLOC_CONF: &[u8; 47] = b"narenas:3,dirty_decay_ms:2000,muzzy_decay_ms:0\0";

/// Syntax trees are the C side's millions of small pieces. To be called before anything is parsed.
#[expect(unsafe_code, reason = "the C library keeps one allocator for the whole process")]
pub(crate) fn give_to_parsers() {
    let allocator = Allocator {
        malloc: jemalloc::malloc,
        calloc: jemalloc::calloc,
        realloc: jemalloc::realloc,
        free: jemalloc::free,
    };
    // SAFETY: the functions are of one allocator, no other thread runs yet, and no parser or tree was made.
    unsafe { tree_sitter::set_allocator(Some(allocator)) };
}
