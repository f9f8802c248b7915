# What a real browser's parser makes of stamped pages: the tree is the page's
# own but for our elements, and they are where they should be, whatever the
# page looks like. And how they look, on pages that know nothing of them.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Browser;

my $t = Consent::Test->new;
my $root = $Consent::Test::ROOT;
my $build = $Consent::Test::BUILD;
my $stamp = $t->path('stamp');

my ($status, $said) = $t->command($ENV{CC} || 'gcc', '-std=c11',
    '-D_GNU_SOURCE', '-g', ($ENV{SANITIZE} ? '-fsanitize=address,undefined' : ()),
    '-I', "$root/src", '-o', $stamp, "$root/tests/tools/stamp_pages.c",
    "$build/libconsent.a", qw(-ljwt -llmdb -lcrypto -lz));
is($status, 0, 'pages can be stamped') or diag($said);

browser($t, 'places.mjs', STAMP => $stamp, POLICY => "$root/demo/policy.json");

done_testing;
