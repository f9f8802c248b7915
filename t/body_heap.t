# Whatever a body is and however large, what goes through it needs no more than 64 KB of memory, and two blocks of a pool
# for what is on its way; one that came compressed as much again. Counted is what malloc() gave a worker beyond what it needs without us.

use lib 't/lib';
use Consent::Test;
use Compress::Zlib ();

if ($ENV{ASAN_OPTIONS}) {
    Test::More::plan(skip_all => 'what is preloaded comes too late for a sanitizer');
}

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

my ($shim, $heap) = map { $t->path($_) } qw(heap_shim.so heap);
my ($status, $said) = $t->command($ENV{CC} // 'cc', '-std=c11', '-D_GNU_SOURCE', '-O1', '-fPIC', '-shared', '-o', $shim,
    'tests/preload/heap_shim.c');
is($status, 0, 'the shim compiles') or diag($said);

{
    local @ENV{qw(LD_PRELOAD CONSENT_HEAP_FILE)} = ($shim, $heap);

    $t->run(<<'EOT');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        consent_body_limit 100m;
        client_max_body_size 100m;
        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /without/ { consent off; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }
EOT
}

# What it had before, and at most meanwhile.
sub words {
    my (%o) = @_;

    my ($pid) = $t->workers;
    open my $f, '+<:raw', "$heap.$pid" or die "$heap.$pid: $!\n";
    sysread $f, my $words, 16;

    if ($o{forget}) {
        sysseek $f, 8, 0;
        syswrite $f, pack 'q', 0;
    }

    return unpack 'q2', $words;
}

sub needed {
    my ($uri, $type, $body, @more) = @_;

    my ($c, $most) = $t->connect;

    for (1 .. 2) {
        is($c->request('GET', $uri)->status, 200, 'is there');
        my ($before) = words(forget => 1);
        is($c->request('POST', $uri, headers => ['Content-Type', $type, @more], body => $body)->status, 200, 'is answered');
        $most = (words())[1] - $before;
    }

    $c->close;

    return $most;
}

my $text = "Jag bor pa Storgatan 4, nummer 19811218-9876 eller 800101-1231.\n";
my $part = "--x\r\nContent-Disposition: form-data; name=";
my %kind = (
    form  => ['application/x-www-form-urlencoded', '', 'pnr=19811218-9876&a=2&', ''],
    json  => ['application/json', '[', '{"pnr": "19811218-9876", "a": "19811218-9876"},', '1]'],
    text  => ['text/plain', '', $text, ''],
    file  => ['multipart/form-data; boundary=x', "$part\"a\"\r\n\r\n", $text, "\r\n--x--\r\n"],
    parts => ['multipart/form-data; boundary=x', '', "$part\"pnr\"\r\n\r\n1\r\n$part\"b\"\r\n\r\n800101-1231\r\n", "--x--\r\n"],
);

for my $name (sort keys %kind) {
    my ($type, $first, $each, $last) = @{$kind{$name}};

    for my $size (10_000, 50_000, 8_000_000) {
        my $body = $first . $each x ($size / length $each) . $last;
        my $bare = needed('/without/', $type, $body);
        my $more = needed('/', $type, $body) - $bare;
        cmp_ok($more, '<=', 64 * 1024 + 8192, "$name of $size bytes needs $more");

        my $packed = needed('/', $type, Compress::Zlib::memGzip($body), 'Content-Encoding', 'gzip') - $bare;
        cmp_ok($packed, '<=', 2 * 64 * 1024 + 8192, "$packed where it came compressed");
    }
}

unlike($up->last->body, qr/1231/, 'without what may not pass');
done_testing;
