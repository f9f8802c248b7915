# consent report: a body is read and gone through, what would have happened is counted, and not a byte is changed.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

$t->run(<<'EOF');
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent report;
        consent_unknown remove;
        consent_body_limit 400k;
        client_max_body_size 2m;
        client_body_buffer_size 4k;
        add_header X-Withheld "$consent_withheld" always;

        location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /stream/ { proxy_request_buffering off; proxy_http_version 1.1; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /metrics { consent_metrics allow=127.0.0.1; }
        location /.privacy/ { consent_pages; }
    }
EOF

sub counted {
    my $text = $t->get('/metrics')->body;

    return map { my $name = $_; $text =~ /^consent_${name}_total (\d+)$/m ? $1 : die "no $name in $text" } @_;
}

my @counters = qw(would_withhold would_refuse bodies_refused bodies_changed);
my $form = 'application/x-www-form-urlencoded';

for my $path ('/', '/stream/') {
    for my $n (10, 100_000) {
        my $x = 'x' x $n;

        for (
            ["pnr=1&a=1&b=$x&unknown=2", $form, 'identity', [1, 0, 0, 0], 'a form'],
            ["a=1&b=$x", $form, '', [0, 0, 0, 0], 'one with nothing in it'],
            ["{\"pnr\": 1, \"x\": \"$x\"}", 'application/json', 'identity', [1, 0, 0, 0], 'JSON'],
            ["{\"x\": \"$x\"", 'application/json', '', [0, 1, 0, 0], 'no JSON'],
            ["$x", 'application/octet-stream', '', [0, 1, 0, 0], 'any bytes'],
        ) {
            my ($body, $type, $withheld, $counts, $name) = @$_;

            for my $o ([body => $body], [chunked => [unpack '(a5000)*', $body]]) {
                my @before = counted(@counters);
                my $r = $t->request('POST', $path, headers => ['Content-Type', $type, 'Digest', 'abc'], @$o);

                is($r->status, 200, "$name to $path, $n bytes, $o->[0]");
                ok($up->last->body eq $body, 'arrives as it came');
                is($up->last->header('Digest'), 'abc', 'with all that is said of it');
                is($r->header('X-Withheld') // '', $withheld, 'what would have been withheld is known');

                my @after = counted(@counters);
                is_deeply([map { $after[$_] - $before[$_] } 0 .. $#counters], $counts, 'and counted');
            }
        }
    }
}

my ($before) = counted('would_refuse');
is($t->request('POST', '/', headers => ['Content-Type', $form], body => 'x' x 500_000)->status, 200, 'a long one passes');
is((counted('would_refuse'))[0], $before + 1, 'and would have been refused');

done_testing;
