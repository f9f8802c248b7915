# What goes to a person has become as little as what goes anywhere: a body comes to her location once, without what is not
# shared, whether it was in memory or in a file.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $ai = $t->upstream({ headers => ['Content-Type', 'text/plain'], body => 'from the machine' });
my $desk = $t->upstream({ headers => ['Content-Type', 'text/plain'], body => 'from a person' }, port => 2);

$t->keys;
$t->policy;

$t->run(<<'EOT');
    %%CONSENT%%
    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        client_body_buffer_size 4k;
        consent_form remove;
        consent_human_route @desk;
        consent_topic field=topic json=$.topic;
        location / { consent_ai on; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /stream/ {
            consent_ai on;
            proxy_request_buffering off;
            proxy_http_version 1.1;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }
        location @desk { proxy_pass http://127.0.0.1:%%PORT_2%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

my $secret = '19800101-1234';

for my $path ('/', '/stream/') {
    for my $size (10, 300_000) {
        for my $case (['application/json', '{"topic":"complaint","personnummer":"%s","question":"%s"}'],
            ['application/x-www-form-urlencoded', 'personnummer=%s&topic=complaint&question=%s'])
        {
            my ($type, $body) = ($case->[0], sprintf $case->[1], $secret, 'x' x $size);
            my $what = "$path, $size bytes of $type";

            for my $chunked (0, 1) {
                $_->clear for $ai, $desk;
                my $r = $t->request('POST', $path, headers => ['Content-Type', $type],
                    $chunked ? (chunked => [unpack '(a9000)*', $body]) : (body => $body));
                is($r->body, 'from a person', "$what: a person answers");
                is(scalar($ai->requests), 0, "$what: no AI hears of it");
                like($desk->last->body, qr/complaint.*x{$size}/s, "$what: she has the question") if $size < 1000;
                cmp_ok(length $desk->last->body, '>', $size, "$what: all of it");
                unlike($desk->last->raw . $desk->last->body, qr/$secret/, "$what: and nothing that is not shared");
            }
        }
    }
}

done_testing;
