# Every kind of upstream gets the same less: FastCGI, uwsgi, SCGI and gRPC as well as HTTP.

use lib 't/lib';
use Consent::Test;
use Consent::Test::Canary;

my $t = Consent::Test->new;
my %up = (http => $t->upstream({ body => 'ok' }, port => 1),
    map { $_->[0] => $t->upstream({ body => $_->[0] eq 'grpc' ? "\0\0\0\0\0" : 'ok' }, port => $_->[1], type => $_->[0]) }
        ['fastcgi', 2], ['uwsgi', 3], ['scgi', 4], ['grpc', 5]);

$t->keys;
$t->policy;

my $params = join '', map { my $kind = $_; map { "            ${kind}_param $_;\n" }
    'QUERY_STRING $query_string', 'REQUEST_METHOD $request_method', 'CONTENT_TYPE $content_type',
    'CONTENT_LENGTH $content_length', 'REQUEST_URI $request_uri', 'DOCUMENT_URI $document_uri',
    'SCRIPT_NAME $fastcgi_script_name', 'SERVER_PROTOCOL $server_protocol', 'PNR $arg_pnr if_not_empty',
    'PERSON $http_x_personnummer if_not_empty', 'CRUMB $cookie_pnr if_not_empty', 'REFERER $http_referer' } 'fastcgi', 'uwsgi', 'scgi';

my $conf = <<"EOT";
    %%CONSENT%%
    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_6%% http2;
        underscores_in_headers on;
        ignore_invalid_headers off;
        consent on;
$params
        location /http/ { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /fastcgi/ { fastcgi_pass 127.0.0.1:%%PORT_2%%; }
        location /uwsgi/ { uwsgi_pass 127.0.0.1:%%PORT_3%%; }
        location /scgi/ { scgi_pass 127.0.0.1:%%PORT_4%%; }
        location /grpc/ { grpc_pass grpc://127.0.0.1:%%PORT_5%%; }
        location /.privacy/ { consent_pages; }
    }
EOT

$t->run($conf);

my $c = Consent::Test::Canary->new($t, values %up);

for my $kind ('http', 'fastcgi', 'uwsgi', 'scgi', 'grpc') {
    my $up = $up{$kind};
    my %h2 = $kind eq 'grpc' ? (port => 6, version => 2) : ();
    my $v = sub { $c->value("$kind $_[0]") };
    my $ask = sub {
        my ($cookie) = @_;
        return $t->request($kind eq 'grpc' ? 'POST' : 'GET',
            "/$kind/x%2fy?a=1&pnr=" . $v->('arg') . '&%70nr[]=' . $v->('encoded') . '&b=%202', %h2,
            cookie => join('; ', 'a=1', 'pnr=' . $v->('cookie'), 'b="2"', $cookie // ()),
            headers => ['X-One', 1, 'X-Personnummer', $v->('header'), 'x_personnummer', $v->('underscore'),
                'Consent_Level', 'forged', 'Consent-Level', 'forged', 'X-Two', '2, 3', 'TE', 'trailers',
                'Referer', 'https://x/y?q=1&pnr=' . $v->('referer'), 'Content-Type', 'application/grpc']);
    };

    is($ask->()->status, 200, "$kind answers");

    my $q = $up->last;
    is($q->header('Cookie'), 'a=1; b="2"', 'cookies');
    is($q->header('X-One') . $q->header('X-Two'), '12, 3', 'headers');
    is($q->header('X-Personnummer'), undef, 'without what nobody shares');
    is($q->header('Referer'), 'https://x/y?q=1', 'Referer');
    is($q->uri, "/$kind/x%2fy?a=1&b=%202", 'the URI');
    is(join(',', $q->header('Consent-Level')), 'needed', 'the level, once');
    like($q->header('Consent-Policy'), qr/^exempelkommun;/, 'and the policy');
    is($q->params->{QUERY_STRING}, 'a=1&b=%202', 'QUERY_STRING') if $q->params;
    is_deeply([grep { exists $q->params->{$_} } 'PNR', 'PERSON', 'CRUMB'], [], 'no parameter of its own') if $q->params;
    is($t->get("/$kind/", %h2, headers => ['Upgrade-Insecure-Requests', 1])->status, 200, 'a request with nothing in it');
}

is_deeply([$c->leaks], [], 'no value went anywhere, nor into a log');

my $cookie = $t->decide(level => 'forms');

for my $kind ('http', 'fastcgi', 'uwsgi', 'scgi', 'grpc') {
    my %h2 = $kind eq 'grpc' ? (port => 6, version => 2) : ();

    $t->get("/$kind/?pnr=1912", %h2, cookie => "pnr=1913; $cookie", headers => ['X-Personnummer', 1914]);
    my $q = $up{$kind}->last;
    is(join('|', $q->uri, $q->header('Cookie'), $q->header('X-Personnummer'), $q->header('Consent-Categories')),
        "/$kind/?pnr=1912|pnr=1913|1914|contact,identity", "$kind: what she shares arrives");
    is(join('|', @{$q->params}{'PNR', 'CRUMB', 'PERSON'}), '1912|1913|1914', 'in parameters too') if $q->params;
}

done_testing;
