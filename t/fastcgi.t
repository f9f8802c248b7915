# FastCGI, uwsgi, SCGI and gRPC upstreams see the request that has become less, in
# their parameters as in headers.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my %up = (
    fastcgi => $t->upstream({ body => 'seen' }, port => 1, type => 'fastcgi'),
    uwsgi   => $t->upstream({ body => 'seen' }, port => 2, type => 'uwsgi'),
    scgi    => $t->upstream({ body => 'seen' }, port => 3, type => 'scgi'),
    grpc    => $t->upstream({ body => 'seen' }, port => 4, type => 'grpc')
);

$t->keys;
$t->policy;

my $params = join "\n", map {
    my $of = $_;
    map { "${of}_param $_;" } 'REQUEST_METHOD $request_method', 'REQUEST_URI $request_uri', 'QUERY_STRING $query_string',
        'SERVER_PROTOCOL $server_protocol', 'CONTENT_LENGTH $content_length', 'CONTENT_TYPE $content_type'
} qw(fastcgi uwsgi scgi);

$t->run(<<"EOF");
    %%CONSENT%%

    $params

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;

        location /fastcgi { fastcgi_pass 127.0.0.1:%%PORT_1%%; }
        location /uwsgi { uwsgi_pass 127.0.0.1:%%PORT_2%%; }
        location /scgi { scgi_pass 127.0.0.1:%%PORT_3%%; }
        location /grpc { grpc_pass grpc://127.0.0.1:%%PORT_4%%; }
        location /.privacy/ { consent_pages; }
    }
EOF

my $secret = '198001011234';
my $cookie = $t->decide(level => 'forms');

for my $type (sort keys %up) {
    my $up = $up{$type};

    $t->get("/$type?a=1&pnr=$secret&b=2", cookie => "a=1; pnr=$secret; b=2",
        headers => ['X-A', 1, 'X-Personnummer', $secret, 'X-B', 2, 'Referer', "/x?pnr=$secret&y=1", 'Consent-Level', 'forged']);

    my $r = $up->last;

    ok($r, "$type: a request arrived") or next;
    unlike($r->raw, qr/$secret/, 'nothing protected is in it');
    is($r->uri, "/$type?a=1&b=2", 'its URI');
    is($r->header('Cookie'), 'a=1; b=2', 'its cookies');
    is($r->header('X-A') . $r->header('X-B'), '12', 'other headers');
    is($r->header('Referer'), '/x?y=1', 'Referer');
    is($r->header('Consent-Level'), 'needed', 'and what we say');
    is($r->header('Consent-Policy'), 'exempelkommun;2026-11-22', 'of which policy');
    is($r->params->{QUERY_STRING}, 'a=1&b=2', 'its query') if $r->params;

    $t->get("/$type?a=1&pnr=$secret", cookie => "$cookie; pnr=$secret", headers => ['X-Personnummer', $secret]);
    $r = $up->last;
    is(join(' ', $r->uri, $r->header('Cookie'), $r->header('X-Personnummer')), "/$type?a=1&pnr=$secret pnr=$secret $secret",
        'granted, all of it arrives');
    is($r->header('Consent-Level'), 'forms', 'with her level');
}

done_testing();
