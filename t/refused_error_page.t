# A body that was refused, or that came with a path that was, goes to no error page either, not even to one that would take
# it by itself: where the refusal cannot be written for want of memory, nginx shows an error page in its place.

use lib 't/lib';
use Consent::Test;

if ($ENV{ASAN_OPTIONS}) {
    Test::More::plan(skip_all => 'a sanitizer has a realloc() of its own');
}

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'sorry' });

my $shim = $t->path('realloc_shim.so');
my ($status, $said) = $t->command($ENV{CC} // 'cc', '-std=c11', '-D_GNU_SOURCE', '-fPIC', '-shared', '-o', $shim, 'tests/preload/realloc_shim.c');
is($status, 0, 'memory can be made scarce') or diag $said;

$t->keys;
$t->policy(sub {
    my ($statistics) = grep { $_->{id} eq 'statistics' } @{$_[0]{categories}};
    $statistics->{carriers}{paths} = ['/stat/*'];
});

my $pass = 'proxy_pass http://127.0.0.1:%%PORT_1%%;';

my %pages = (0 => '@named', 2 => '/sorry', 3 => '/off');

$ENV{LD_PRELOAD} = $shim;
$ENV{CONSENT_REALLOC_SWITCH} = $t->path('scarce');

$t->run("%%CONSENT%%\n" . join('', map { <<"EOT" } sort keys %pages), main => 'env CONSENT_REALLOC_SWITCH;');
    server {
        listen 127.0.0.1:%%PORT_$_%%;
        consent on;
        consent_body_limit 1k;
        error_page 500 = $pages{$_};
        location / { $pass }
        location /stream/ { proxy_request_buffering off; proxy_http_version 1.1; $pass }
        location \@named { consent_body_limit 1m; $pass }
        location = /sorry { consent_body_limit 1m; $pass }
        location = /off { consent off; $pass }
        location /.privacy/ { consent_pages; }
    }
EOT

delete $ENV{LD_PRELOAD};

my $secret = '198001011234';
my $cookie = $t->decide(categories => ['contact', 'identity', 'location', 'health']);

is($t->request('POST', '/', cookie => $cookie, form => ['pnr', $secret])->status, 200, 'she may send such a body');
is($up->last->body, "pnr=$secret", 'and it arrives');
is($t->request('POST', '/', cookie => $cookie, body => 'x' x 5000)->status, 413, 'but not a long one');
is($t->request('POST', '/stat/1', cookie => $cookie, body => 'x')->status, 403, 'nor behind such a path');

$t->write('scarce', '');
$up->clear;

for my $port (sort keys %pages) {
    is($t->get("/stat/$secret", port => $port, cookie => $cookie)->body, 'sorry', 'an error page is shown');
    unlike($up->last->raw, qr/$secret/, 'which does not have the path');

    for my $path ('/', '/stream/', "/stat/$secret") {
        my $r = $t->request('POST', $path, port => $port, cookie => $cookie, body => "pnr=$secret&x=" . 'x' x 5000);
        cmp_ok($r->status, '>=', 400, "$path at $port is refused: " . $r->status);
    }

    my $r = $t->request('POST', "/stat/$secret", port => $port, cookie => $cookie, chunked => ["pnr=$secret&x=", 'x' x 5000]);
    cmp_ok($r->status, '>=', 400, 'in chunks as well: ' . $r->status);
}

unlike($_->raw . $_->body, qr/$secret/, 'no body went to an error page: ' . $_->method) for $up->requests;
like($t->error_log, qr/a page could not be written/, 'and it was one');

done_testing;
