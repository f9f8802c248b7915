# Every kind of upstream gets the body that may pass, and a length that is true of it.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my %up = (http => $t->upstream({ body => 'ok' }, port => 1),
    map { $_->[0] => $t->upstream({ body => 'ok' }, port => $_->[1], type => $_->[0]) } ['fastcgi', 2], ['uwsgi', 3], ['scgi', 4]);

$t->keys;
$t->policy;

my $params = join '', map { my $kind = $_; map { "        ${kind}_param $_;\n" }
    'REQUEST_METHOD $request_method', 'CONTENT_TYPE $content_type', 'CONTENT_LENGTH $content_length',
    'REQUEST_URI $request_uri', 'SERVER_PROTOCOL $server_protocol', 'BODY $request_body if_not_empty',
    'FILE $request_body_file if_not_empty' } 'fastcgi', 'uwsgi', 'scgi';

$t->run(<<"EOF");
    %%CONSENT%%

    server {
        listen 127.0.0.1:%%PORT_0%%;
        consent on;
        consent_unknown pass;
        client_max_body_size 20m;
$params
        location /http/ { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /fastcgi/ { fastcgi_pass 127.0.0.1:%%PORT_2%%; }
        location /uwsgi/ { uwsgi_pass 127.0.0.1:%%PORT_3%%; }
        location /scgi/ { scgi_pass 127.0.0.1:%%PORT_4%%; }

        location /stream/ {
            proxy_request_buffering off;
            fastcgi_request_buffering off;
            uwsgi_request_buffering off;
            scgi_request_buffering off;
            location /stream/http/ { proxy_http_version 1.1; proxy_pass http://127.0.0.1:%%PORT_1%%; }
            location /stream/fastcgi/ { fastcgi_pass 127.0.0.1:%%PORT_2%%; }
            location /stream/uwsgi/ { uwsgi_pass 127.0.0.1:%%PORT_3%%; }
            location /stream/scgi/ { scgi_pass 127.0.0.1:%%PORT_4%%; }
        }

        # the next server is asked where the first is gone
        location /next/ { proxy_next_upstream error non_idempotent; proxy_pass http://next; }
        location /set/ { proxy_set_body "\$request_body"; proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /.privacy/ { consent_pages; }
    }

    upstream next { server 127.0.0.1:%%PORT_5%%; server 127.0.0.1:%%PORT_1%% backup; }
EOF

my $secret = '198001011234';
my @form = (headers => ['Content-Type', 'application/x-www-form-urlencoded']);

for my $kind (sort keys %up) {
    for my $path ("/$kind/", "/stream/$kind/") {
        for my $n (10, 5_000, 200_000) {
            my ($all, $less) = map { "a=1$_&b=" . 'x' x $n } "&pnr=$secret", '';

            for my $o ([body => $all], [chunked => [unpack '(a3000)*', $all]]) {
                is($t->request('POST', $path, @form, @$o)->status, 200, "$path answers $n bytes: $o->[0]");

                my $q = $up{$kind}->last;
                ok($q->body eq $less, 'the body') or diag(substr $q->body, 0, 200);

                if ($q->params) {
                    is($q->params->{CONTENT_LENGTH}, length $less, 'CONTENT_LENGTH');
                    is($q->params->{HTTP_CONTENT_LENGTH} // length $less, length $less, 'and the header');
                    is($q->params->{HTTP_TRANSFER_ENCODING}, undef, 'nothing says that it is chunked');
                    is($q->params->{BODY}, length $less < 8000 ? $less : undef, '$request_body');
                    unlike($q->params->{FILE} // '', qr/^$/, '$request_body_file') if $n == 200_000;
                } else {
                    is($q->header('Content-Length'), length $less, 'Content-Length');
                }
            }
        }
    }
}

for my $n (10, 5_000, 200_000) {
    my ($all, $less) = map { "a=1$_&b=" . 'x' x $n } "&pnr=$secret", '';

    is($t->request('POST', '/next/', @form, body => $all)->status, 200, "$n bytes go to the next server");
    ok($up{http}->last->body eq $less, 'the same body');

    next if $n == 200_000;
    is($t->request('POST', '/set/', @form, body => $all)->status, 200, 'where a body is made of it');
    ok($up{http}->last->body eq $less, 'it is made of what may pass');
}

done_testing;
